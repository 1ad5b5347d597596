/** A moment, never changed in place; outside the reactive files, where a Date would be taken for a live one. */
export const moment = (of?: string): Date => (of === undefined ? new Date() : new Date(of));
