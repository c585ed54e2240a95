/** Which build this is: put in by the one who builds it. */
export const VERSION: string = import.meta.env['VITE_VERSION'] ?? 'none'
