/** The folder of what the page shows, in the files of a worker: relative paths start here. */
export const workingFolder = '/studio'
