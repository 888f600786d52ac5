import { QRCode } from 'antd'

/** A text for a telephone's camera. Whoever cannot see it needs the text beside it too. */
export function QrCode({ text, label, size = 180 }: { text: string; label: string; size?: number }) {
  return <QRCode aria-label={label} value={text} size={size} type="svg" bordered={false} />
}
