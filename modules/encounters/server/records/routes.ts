import { serve } from '@renxin/server'
import { recordsApi } from '../../records-contract.ts'
import { listCheckUps } from './check-ups.ts'
import { downloadDocumentFile, getDocument, listDocuments } from './documents.ts'
import { downloadReportFile, drawTrend, getReport, listReports, tabulateResults } from './reports.ts'
import { countRecords, listBookings, listCharges, listOrders, listProcedures, totalCharges } from './service.ts'

export const recordRoutes = serve(recordsApi, {
  recordCounts: countRecords,
  reports: listReports,
  checkUps: listCheckUps,
  report: getReport,
  reportFile: downloadReportFile,
  results: tabulateResults,
  trend: drawTrend,
  documents: listDocuments,
  document: getDocument,
  documentFile: downloadDocumentFile,
  orders: listOrders,
  charges: listCharges,
  chargeTotals: totalCharges,
  bookings: listBookings,
  procedures: listProcedures,
})
