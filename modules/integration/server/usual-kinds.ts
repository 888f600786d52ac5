import type { BookingStatus, OrderKind, ReportKind } from '@renxin/encounters'

const all = <T extends string>(kind: T, codes: string): Record<string, T> =>
  Object.fromEntries(codes.split(' ').map((code) => [code, kind]))

const laboratory = 'LAB BG BLB CH HM IMM MB MCB MYC OSL PAR SR TX VR CLN 检验'
const imaging = 'RAD CT MR MRI NMR NMS NM RUS US CUS OUS VUS XRC RX CR DX DR XR XA MG PT PET RF BMD 影像 放射 超声'

/** What the codes of diagnostic services (HL7 table 0074) and DICOM’s modalities are to us. */
const report: Record<string, ReportKind> = {
  ...all('laboratory', laboratory),
  ...all('imaging', imaging),
  ...all('ecg', 'EC ECG EKG 心电'),
  ...all('endoscopy', 'ES ENDO 内镜'),
  ...all('pathology', 'PAT PA SP CP CG SM GM 病理'),
  ...all('anaesthesia', 'ANE 麻醉'),
}

const order: Record<string, OrderKind> = {
  ...all('laboratory', `${laboratory} PAT PA SP CP 病理`),
  ...all('imaging', `${imaging} EC ECG EKG ES ENDO`),
  ...all('medication', 'PHR RXO RXE'),
  ...all('nursing', 'NRS ICU 护理'),
}

/** HL7 table 0278, in small letters since makers write it in all sizes. */
const booking: Record<string, BookingStatus> = {
  ...all('booked', 'pending waitlist booked overbook blocked'),
  ...all('arrived', 'started arrived checkedin'),
  ...all('completed', 'complete completed'),
  ...all('cancelled', 'cancelled canceled dc deleted'),
  ...all('noShow', 'noshow'),
}

const charge = { CG: 'charge', AJ: 'charge', CO: 'charge', CD: 'credit', PY: 'payment' } // HL7 table 0017

/** Discharge summaries: their codes in WS/T 500, LOINC and HL7 table 0270. */
const document = { C0053: 'summary', C0049: 'summary', '18842-5': 'summary', DS: 'summary' }

export const usualKinds = { report, order, booking, charge, document }
