#!/usr/bin/env node
/** Starts the command line, with the compile cache of Node.js. */
import { join } from 'node:path'
import { keepCompiledCode } from '../patches/codeCache.ts'

const load = keepCompiledCode({ writes: true })
load(join(__dirname, 'main.cjs'), process.argv[2] === 'check' ? 'check' : '')
