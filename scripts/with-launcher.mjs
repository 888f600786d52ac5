// Loaded first into a program that a launcher started: should the launcher vanish, even by kill -9, the program is asked to stop.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
