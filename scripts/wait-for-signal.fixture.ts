// A program for the launcher's tests: tells what it was given, then waits to be told to stop, and takes its time about it.
const words: string[] = process.argv.slice(2)
const idle = setInterval(() => undefined, 1000)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    clearInterval(idle)
    setTimeout(() => {
      console.log(`stopped by ${signal}`)
      process.exit(0)
    }, 100)
  })
}
console.log(JSON.stringify({ words, pid: process.pid }))
if (words[0] === 'fail') process.exit(7)
