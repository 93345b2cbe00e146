/** The working folder of a worker, in its virtual file system. Relative paths start here. */
export const workingFolder = '/studio'
