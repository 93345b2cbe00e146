#!/usr/bin/env node
/** Starts the command line, with what was compiled of it last time. */
import { join } from 'node:path'
import { keepCompiledCode } from '../patches/codeCache.ts'

keepCompiledCode({ writes: true })
require(join(__dirname, 'main.cjs'))
