import { ofVisible } from '@renxin/patients'
import { serve } from '@renxin/server'
import { followupsApi, programmesApi } from '../contract.ts'
import { saveDraft } from './drafts.ts'
import { assignTasks, cancelTasks, claimNext, claimTasks, postponeTasks, prioritiseTasks, releaseTasks, undoPostpone } from './hands.ts'
import { followupsOfPatient } from './of-patient.ts'
import {
  activateProgramme,
  disableProgramme,
  getProgramme,
  listProgrammeNames,
  listProgrammes,
  previewProgramme,
  saveProgramme,
} from './programmes.ts'
import { listWorkers, readBoard, readCounts, readQueue } from './queue.ts'
import { completeTask, dial, recordOutcome } from './talk.ts'
import { getTask } from './task.ts'
import { readTimeline } from './timeline.ts'

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
    preview: previewProgramme,
  }),
]
