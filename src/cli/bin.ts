#!/usr/bin/env node
/** Starts the command line, with the compile cache of Node.js. */
import { join } from 'node:path'
import { keepCompiledCode } from '../patches/codeCache.ts'

const load = keepCompiledCode({ writes: true })
const args = process.argv.slice(2)
// Printing help compiles few functions: a cache with no others would slow down the command that comes next.
const isHelp = args.includes('--help') || args.includes('-h')
load(join(__dirname, 'main.cjs'), isHelp ? 'help' : args[0] === 'check' ? 'check' : '')
