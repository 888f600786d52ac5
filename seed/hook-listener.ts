import { createServer } from 'node:http'

/** The platform's own ear: it takes the notices of its subscription, and says which resource each was about. */
export async function listenForHooks(host: string, port: number, onEvent: (line: string) => void): Promise<{ stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
    request.on('end', () => {
      onEvent(`收到订阅通知 ${/"resourceType":"(\w+)"/.exec(text)?.[1] ?? '?'}`)
      response.writeHead(200).end()
    })
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', failed)
    server.listen(port, host, listening)
  })
  return {
    stop: () => {
      server.closeAllConnections()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}
