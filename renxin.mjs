#!/usr/bin/env node
// The renxin command. Plain JavaScript, so that it starts under any Node from 20.19 on and can fetch the one we run on.
import { launch } from './scripts/launch.mjs'

await launch('apps/server/cli.ts', process.argv.slice(2))
