/** The report page's own script, with uPlot in it, and its style sheets. Written by `npm run generate` from src/report/page. */
export declare const pageScript: string
export declare const pageStyles: string
export declare const networkStyles: string
