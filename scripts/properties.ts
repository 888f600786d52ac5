import fc from 'fast-check'

// Where nobody sits before it, a property that fails says its seed and what broke it at once; to make that small may take longer than the whole run is given.
if (process.env.CI) fc.configureGlobal({ endOnFailure: true })
