/** Screens on which the editor is one of the tabs, as in the style sheet. */
export const narrowScreen = '(max-width: 800px)'
