import { ofVisible } from '@renxin/patients'
import { serve } from '@renxin/server'
import { recordsApi } from '../../records-contract.ts'
import { listCheckUps } from './check-ups.ts'
import { downloadDocumentFile, getDocument, listDocuments } from './documents.ts'
import { downloadReportFile, drawTrend, getReport, listReports, tabulateResults } from './reports.ts'
import { countRecords, listBookings, listCharges, listOrders, listProcedures, totalCharges } from './service.ts'

export const recordRoutes = serve(recordsApi, {
  recordCounts: ofVisible(countRecords),
  reports: ofVisible(listReports),
  checkUps: ofVisible(listCheckUps),
  report: getReport,
  reportFile: downloadReportFile,
  results: ofVisible(tabulateResults),
  trend: ofVisible(drawTrend),
  documents: ofVisible(listDocuments),
  document: getDocument,
  documentFile: downloadDocumentFile,
  orders: ofVisible(listOrders),
  charges: ofVisible(listCharges),
  chargeTotals: ofVisible(totalCharges),
  bookings: ofVisible(listBookings),
  procedures: ofVisible(listProcedures),
})
