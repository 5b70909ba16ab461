package server

import "github.com/gin-gonic/gin"

type route struct {
	path    string
	handler func(*gin.Context) error
}

// routes lists every address of the site but the static files.
func (s *Server) routes() []route {
	return []route{
		{"/", s.showHome},
		{"/domains/:code", s.showDomain},
		{"/indicators", s.listIndicators},
		{"/indicators.csv", s.downloadIndicators},
		{"/indicators.xlsx", s.downloadIndicators},
		{"/indicators.json", s.downloadIndicators},
		{"/indicators/:code", s.showIndicator},
		{"/tasks", s.listTasks},
		{"/tasks/:code", s.showTask},
		{"/organisations", s.listOrganisations},
		{"/organisations/:code", s.showOrganisation},
		{"/areas", s.listAreas},
		{"/areas/:code", s.showArea},
		{"/projects", s.listProjects},
		{"/policies", s.listPolicies},
		{"/status", s.showStatus},
		{"/method", s.showMethod},
		{"/api/v1/indicators", s.apiIndicators},
		{"/api/v1/indicators/:code", s.apiIndicator},
		{"/api/v1/assessment", s.apiAssessment},
		{"/healthz", s.showHealth},
	}
}
