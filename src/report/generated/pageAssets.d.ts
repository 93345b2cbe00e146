/** The scripts of the pages of runs and of sweeps, with uPlot in them, and their style sheets. Written by `npm run generate` from src/report/page. */
export declare const pageScript: string
export declare const pageStyles: string
export declare const sweepScript: string
export declare const sweepStyles: string
export declare const networkStyles: string
