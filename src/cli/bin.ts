#!/usr/bin/env node
/** Starts the command line, with the compile cache of Node.js. */
import { join } from 'node:path'
import { keepCompiledCode } from '../patches/codeCache.ts'

keepCompiledCode({ writes: true })
require(join(__dirname, 'main.cjs'))
