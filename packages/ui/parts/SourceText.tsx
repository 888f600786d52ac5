type SourceTextProps = { label: string; children: string }

/** Text as a machine sent it: its own lines, letters of one width, long ones broken. */
export function SourceText({ label, children }: SourceTextProps) {
  return (
    <section aria-label={label}>
      <pre style={{ margin: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontSize: 12, lineHeight: '20px' }}>{children}</pre>
    </section>
  )
}
