import { ofVisible } from '@renxin/patients'
import { serve } from '@renxin/server'
import {
  checksApi,
  followupsApi,
  levelsApi,
  previewApi,
  programmesApi,
  riskApi,
  shortApi,
  standingApi,
  supervisionApi,
} from '../contract.ts'
import { listBlackouts, removeBlackout, saveBlackout } from './blackouts.ts'
import { bulkRoutes } from './bulk/index.ts'
import { cohortRoutes } from './cohorts/index.ts'
import { contentRoutes } from './content/index.ts'
import { saveDraft } from './drafts.ts'
import { flagRoutes } from './flags/index.ts'
import { assignTasks, cancelTasks, claimNext, claimTasks, postponeTasks, prioritiseTasks, releaseTasks, undoPostpone } from './hands.ts'
import { leaveRoutes } from './leaves/index.ts'
import { getCheckFile, listSampled, saveCheck } from './levels/checks.ts'
import { readCoverage, readOwners } from './levels/coverage.ts'
import { drawNow } from './levels/draws.ts'
import { exportFrames } from './levels/export-frames.ts'
import { exportResult } from './levels/export-result.ts'
import { levelTwoOf } from './levels/level-two.ts'
import { publishResult, readResult } from './levels/publish.ts'
import { readPublishedNews, seeResult } from './levels/published-news.ts'
import { getDraw, listDraws, redraw } from './levels/read-draws.ts'
import { getSettings, readLevelSettings, saveLevelRule, saveLevelSettings } from './levels/settings.ts'
import { listSpots } from './levels/spots.ts'
import { listUncalled, listUrgeHistory, listUrges, listUrgesOfTask, readUrgeNotices, seeUrges, urgeTasks } from './levels/urges.ts'
import { followupsOfPatient } from './of-patient.ts'
import { listWhom, previewDates, previewProgramme } from './preview.ts'
import { activateProgramme, disableProgramme, getProgramme, listProgrammeNames, listProgrammes, saveProgramme } from './programmes.ts'
import { qualityRoutes } from './quality/index.ts'
import { readBoard, readCounts, readQueue } from './queue.ts'
import { reviewRoutes } from './reviews/index.ts'
import { readRiskSettings, saveRiskSettings } from './risk.ts'
import { readShortCalls } from './short/short-calls.ts'
import { readStanding } from './standing/standing.ts'
import { completeTask, dial, recordOutcome } from './talk.ts'
import { getTask } from './task.ts'
import { listTemplates } from './templates.ts'
import { readTimeline } from './timeline.ts'
import { listWorkers } from './workers.ts'

export const routes = [
  ...serve(followupsApi, {
    queue: readQueue,
    counts: readCounts,
    board: readBoard,
    task: getTask,
    ofPatient: ofVisible(followupsOfPatient),
    timeline: ofVisible(readTimeline),
    workers: listWorkers,
    claim: claimTasks,
    claimNext,
    release: releaseTasks,
    assign: assignTasks,
    postpone: postponeTasks,
    undoPostpone,
    cancel: cancelTasks,
    prioritise: prioritiseTasks,
    dial,
    saveDraft,
    recordOutcome,
    complete: completeTask,
  }),
  ...serve(programmesApi, {
    programmeNames: listProgrammeNames,
    programmes: listProgrammes,
    programme: getProgramme,
    saveProgramme,
    activate: activateProgramme,
    disable: disableProgramme,
    templates: listTemplates,
    blackouts: listBlackouts,
    saveBlackout,
    removeBlackout,
  }),
  ...serve(levelsApi, {
    draws: listDraws,
    draw: getDraw,
    redraw,
    drawNow,
    exportFrames,
    levelSettings: readLevelSettings,
    saveLevelSettings,
    saveLevelRule,
  }),
  ...serve(checksApi, {
    checks: listSampled,
    checkFile: getCheckFile,
    saveCheck,
    levelResult: readResult,
    publishedNews: readPublishedNews,
    seeResult,
    publishResult,
    exportResult,
  }),
  ...serve(riskApi, { riskSettings: readRiskSettings, saveRiskSettings }),
  ...flagRoutes,
  ...cohortRoutes,
  ...contentRoutes,
  ...qualityRoutes,
  ...reviewRoutes,
  ...bulkRoutes,
  ...leaveRoutes,
  ...serve(standingApi, { standing: readStanding }),
  ...serve(shortApi, { shortCalls: readShortCalls }),
  ...serve(previewApi, { preview: previewProgramme, whom: listWhom, dates: previewDates }),
  ...serve(supervisionApi, {
    coverage: readCoverage,
    owners: readOwners,
    uncalled: listUncalled,
    urge: urgeTasks,
    urgeRule: async (ctx) => ({ hours: (await getSettings(ctx)).urgeHours }),
    urgeHistory: listUrgeHistory,
    urges: listUrges,
    urgesOfTask: listUrgesOfTask,
    urgeNotices: readUrgeNotices,
    seeUrges,
    spots: listSpots,
    levelTwo: async (ctx, days) => ({ rows: await levelTwoOf(ctx, days) }),
  }),
]
