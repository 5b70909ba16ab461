// Package indicators is the domain of Yimi: the words and the rules by which a
// city's plan is stored, judged and shown. It does no I/O and imports nothing
// of ours.
//
// # Glossary
//
// One meaning each; the word after "not" is a synonym that we avoid.
//
//	plan          方案      the document whose promises are watched (not programme, scheme)
//	domain        领域      one of the plan's chapters of promises (not pillar, area)
//	task          任务      a numbered section of the plan with leads and partners (not action)
//	commitment    承诺      what a task promises by a milestone, numbered or not
//	indicator     指标      one measured promise (not metric, KPI)
//	unit          计量单位  what an indicator counts in
//	measure       类型      stock, flow, rate, average or deliverable
//	basis         口径      level, added, cumulative or change_pct: what a number states
//	baseline      基期值    the plan's own figure from which progress starts
//	milestone     节点      a year by which the plan promises values (not deadline)
//	target        目标值    the value promised at a milestone
//	due           期限      a target's own date where the plan gives one
//	observation   观测值    one figure of one subject, area and period: a baseline, a result or derived
//	result        结果      an observation made after the baseline (not actual, achievement)
//	answer        说明      what a unit says where it has no number
//	series        数据序列  a supporting count such as resident population
//	period        年度      the year, month or day that an observation is about (not date)
//	vintage       版本      the edition of a statistic, where one period has several
//	area          地区      the city or one of its parts (not region)
//	organisation  单位      who leads, partners, reports (not agency, department)
//	lead          牵头单位  the organisation that answers for a task
//	partner       责任单位  an organisation that helps
//	round         填报期    a year's collection of results, with its three days
//	duty          应报      one figure that a round asks a unit for
//	revision      填报记录  one value of a duty under review; a correction is the next edition
//	version       填报版本  one write of a revision, kept for ever (not revision)
//	entry         填报内容  what a person typed, field by field, also what cannot be read
//	finding       检查结果  what a check has to say: an error refuses, a warning asks for a word
//	evidence      佐证      a file behind a figure
//	sheet         填报表    a unit's return of a round, signed and stamped
//	taking        撤回      a public figure prepared to be taken back, or to come back
//	amendment     变更      one row of the library changed by the office, from a day on, with a reason
//	release       发布      an immutable, numbered set of public values (not version)
//	difference    变化      what loading a package would change, told before it does
//	status        进度状态  what the published rule says of a target (not result, rating)
//	figure        数字      a number in one basis at one time, reported or had from others
//	verdict       判定      whether a figure satisfies a target, or its bound does not decide
//	path          所需路径  what would have to be reached when, to reach a target (not trend)
//	pace          进度比    how much of what the path asks for has been made
//	attainment    实现程度  how much of the way to a target has been gone, 0–100 %
//	attainment rate 达标率  met ÷ monitorable targets of a group
//	gap           差距      what is missing, in the indicator's unit
//	quality       质量标记  SDMX CL_OBS_STATUS; normal when empty
//	confidence    可信度    A official, B reproduced, C a repost
//	project       项目      a work with money and dates
//	project progress 项目进展 what the office wrote down about a project at a moment; judges nothing
//	policy        政策举措  a document promised or issued
//	pledge        举措承诺  what the plan promises beyond its tasks
//	account       账号      a person's entry to the program (not user, login)
//	role          角色      what an account may be (not group, permission)
//	grant         授权      one role of an account, for an organisation where the role is held for one
//	actor         操作人    the account that acts, from an address
//	permit        许可      one line of what a role may do to what
//	session       登录      one signed-in browser
//	trail         审计记录  every act, which can only grow (not log)
package indicators
