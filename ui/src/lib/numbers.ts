const format = new Intl.NumberFormat('en');

/** "10,000" */
export const grouped = (n: number): string => format.format(n);
