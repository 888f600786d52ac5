/** What a sentence of ours stands for, as the command line says it, which names files and segments. */
export function Original({ text }: { text: string | null }) {
  return text ? (
    <div className="rx-note" lang="en">
      {text}
    </div>
  ) : null
}
