package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"yimi/indicators"
)

// route is one address of the site. A page without an action is public; of any
// other, permits says whose it is.
type route struct {
	method  string
	path    string
	action  indicators.Action
	handler func(*gin.Context) error
}

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// routes lists every address of the site but the static files.
func (s *Server) routes() []route {
	return []route{
		{get, "/", "", s.showHome},
		{get, "/domains/:code", "", s.showDomain},
		{get, "/indicators", "", s.listIndicators},
		{get, "/indicators.csv", "", s.downloadIndicators},
		{get, "/indicators.xlsx", "", s.downloadIndicators},
		{get, "/indicators.json", "", s.downloadIndicators},
		{get, "/indicators/:code", "", s.showIndicator},
		{get, "/tasks", "", s.listTasks},
		{get, "/tasks/:code", "", s.showTask},
		{get, "/organisations", "", s.listOrganisations},
		{get, "/organisations/:code", "", s.showOrganisation},
		{get, "/areas", "", s.listAreas},
		{get, "/areas/:code", "", s.showArea},
		{get, "/projects", "", s.listProjects},
		{get, "/policies", "", s.listPolicies},
		{get, "/status", "", s.showStatus},
		{get, "/method", "", s.showMethod},
		{get, "/releases", "", s.listReleases},
		{get, "/releases/:number", "", s.showRelease},
		{get, "/releases/:number/statuses", "", s.showArchive},
		{get, "/api/v1/indicators", "", s.apiIndicators},
		{get, "/api/v1/indicators/:code", "", s.apiIndicator},
		{get, "/api/v1/assessment", "", s.apiAssessment},
		{get, "/healthz", "", s.showHealth},

		{get, "/sign-in", "", s.showSignIn},
		{post, "/sign-in", "", s.signIn},
		{get, "/invite/:token", "", s.showLink},
		{post, "/invite/:token", "", s.useLink},
		{get, "/reset/:token", "", s.showLink},
		{post, "/reset/:token", "", s.useLink},

		{post, "/sign-out", indicators.SignOut, s.signOut},
		{get, "/work", indicators.Work, s.showWork},
		{post, "/work/sign", indicators.SignFor, s.signRound},
		{get, "/extension", indicators.AskExtension, s.showExtension},
		{post, "/extension", indicators.AskExtension, s.askExtension},
		{get, "/grid", indicators.Save, s.showGrid},
		{post, "/grid", indicators.Save, s.keepGrid},
		{get, "/receipt", indicators.ReadFigure, s.showReceipt},
		{get, "/work/:duty", indicators.ReadFigure, s.showFigure},
		{post, "/work/:duty", indicators.Save, s.keepFigure},
		{post, "/work/:duty/evidence", indicators.Attach, s.attachEvidence},
		{get, "/evidence/:id", indicators.ReadFigure, s.sendEvidence},
		{post, "/evidence/:id/detach", indicators.Detach, s.detachEvidence},
		{get, "/sheet", indicators.ReadFigure, s.showSheet},
		{post, "/sheet", indicators.SignOff, s.signSheet},
		{post, "/sheet/scan", indicators.SignOff, s.scanSheet},
		{get, "/account", indicators.OwnAccount, s.showAccount},
		{get, "/account/password", indicators.ChangePassword, s.showPassword},
		{post, "/account/password", indicators.ChangePassword, s.changePassword},
		{get, "/account/second", indicators.SecondOn, s.showSecond},
		{post, "/account/second", indicators.SecondOn, s.setSecond},
		{post, "/account/second/off", indicators.SecondOff, s.dropSecond},
		{post, "/account/sessions/end", indicators.SignOut, s.endOthers},
		{post, "/account/sessions/end/:id", indicators.SignOut, s.endSession},

		{get, "/accounts", indicators.ReadAccounts, s.listAccounts},
		{get, "/accounts/new", indicators.Invite, s.showInvite},
		{post, "/accounts/new", indicators.Invite, s.invite},
		{get, "/accounts/:id", indicators.ReadAccounts, s.showOther},
		{post, "/accounts/:id/grants", indicators.SetGrants, s.keep(s.setGrants)},
		{post, "/accounts/:id/disable", indicators.Disable, s.keep(s.disable)},
		{post, "/accounts/:id/enable", indicators.Enable, s.keep(s.enable)},
		{post, "/accounts/:id/hand-over", indicators.HandOver, s.keep(s.handOver)},
		{post, "/accounts/:id/link", indicators.ResetLink, s.keep(s.resetLink)},
		{post, "/accounts/:id/temporary", indicators.ResetLink, s.keep(s.setTemporary)},
		{post, "/accounts/:id/end", indicators.EndSessions, s.keep(s.endEverywhere)},

		{get, "/rounds", indicators.Chase, s.listRounds},
		{get, "/rounds/new", indicators.OpenRound, s.showNewRound},
		{post, "/rounds/new", indicators.OpenRound, s.openRound},
		{get, "/rounds/:number", indicators.Chase, s.showRound},
		{get, "/rounds/:number/amend", indicators.OpenRound, s.showAmend},
		{post, "/rounds/:number/amend", indicators.OpenRound, s.amendRound},
		{post, "/rounds/:number/extensions/:id", indicators.DecideExtension, s.decideExtension},
		{get, "/rounds/:number/chase", indicators.Chase, s.showChase},
		{post, "/rounds/:number/chase", indicators.Chase, s.sendReminders},
		{get, "/review", indicators.Review, s.showQueue},
		{post, "/review/approve", indicators.Approve, s.approve},
		{post, "/review/endorse", indicators.Endorse, s.endorse},
		{post, "/review/return", indicators.Return, s.sendBack},
		{get, "/review/:duty", indicators.Review, s.showReview},
		{post, "/review/:duty/reopen", indicators.Reopen, s.reopen},
		{get, "/releases/preview", indicators.Publish, s.showPreview},
		{post, "/releases/preview", indicators.Publish, s.remembered(s.publish)},
		{post, "/releases/:number/undo", indicators.Withhold, s.remembered(s.undo)},
		{get, "/indicators/:code/withhold", indicators.Withhold, s.showWithhold},
		{post, "/indicators/:code/withhold", indicators.Withhold, s.remembered(s.withhold)},
		{post, "/releases/takings/:id/drop", indicators.Withhold, s.dropTaking},
		{get, "/library/package", indicators.KeepLibrary, s.showPackage},
		{post, "/library/package", indicators.KeepLibrary, s.choosePackage},
		{post, "/library/package/load", indicators.KeepLibrary, s.remembered(s.loadPackage)},
		{get, "/projects/:number/progress", indicators.KeepLibrary, s.showProgress},
		{post, "/projects/:number/progress", indicators.KeepLibrary, s.reportProgress},
		{get, "/library", indicators.KeepLibrary, s.showLibrary},
		{get, "/library/indicators/new", indicators.KeepLibrary, s.showAmendment(indicatorShelf)},
		{post, "/library/indicators/new", indicators.KeepLibrary, s.keepAmendment(indicatorShelf)},
		{get, "/library/indicators/:code", indicators.KeepLibrary, s.showAmendment(indicatorShelf)},
		{post, "/library/indicators/:code", indicators.KeepLibrary, s.keepAmendment(indicatorShelf)},
		{get, "/library/indicators/:code/targets/new", indicators.KeepLibrary, s.showAmendment(targetShelf)},
		{post, "/library/indicators/:code/targets/new", indicators.KeepLibrary, s.keepAmendment(targetShelf)},
		{get, "/library/indicators/:code/targets/:target", indicators.KeepLibrary, s.showAmendment(targetShelf)},
		{post, "/library/indicators/:code/targets/:target", indicators.KeepLibrary, s.keepAmendment(targetShelf)},
		{get, "/library/organisations/new", indicators.KeepLibrary, s.showAmendment(organisationShelf)},
		{post, "/library/organisations/new", indicators.KeepLibrary, s.keepAmendment(organisationShelf)},
		{get, "/library/organisations/:code", indicators.KeepLibrary, s.showAmendment(organisationShelf)},
		{post, "/library/organisations/:code", indicators.KeepLibrary, s.keepAmendment(organisationShelf)},
		{get, "/library/areas/new", indicators.KeepLibrary, s.showAmendment(areaShelf)},
		{post, "/library/areas/new", indicators.KeepLibrary, s.keepAmendment(areaShelf)},
		{get, "/library/areas/:code", indicators.KeepLibrary, s.showAmendment(areaShelf)},
		{post, "/library/areas/:code", indicators.KeepLibrary, s.keepAmendment(areaShelf)},
		{get, "/contacts", indicators.Chase, s.showContacts},
		{post, "/contacts", indicators.Chase, s.setContacts},

		{get, "/settings", indicators.Configure, s.showSettings},
		{post, "/settings", indicators.Configure, s.setSettings},
		{post, "/settings/letter", indicators.Configure, s.testLetter},
		{get, "/backups", indicators.BackUp, s.listBackups},
		{post, "/backups", indicators.BackUp, s.remembered(s.makeBackup)},
		{post, "/backups/verify", indicators.BackUp, s.verifyBackup},
		{post, "/backups/stop", indicators.BackUp, s.stopBackup},

		{get, "/audit", indicators.ReadAudit, s.showAudit},
		{get, "/audit.csv", indicators.ReadAudit, s.downloadAudit},
	}
}
