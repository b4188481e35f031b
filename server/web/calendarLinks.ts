/** The two ways to subscribe to a calendar of ours. */
export interface CalendarLinks {
  href: string;
  /** Opens the program that keeps the calendar, where there is one. */
  webcal: string;
}

/** @param path of the calendar @param origin scheme, host and port */
export function calendarLinks(path: string, origin: string): CalendarLinks {
  const href = origin + path;
  return { href, webcal: href.replace(/^https?:/, 'webcal:') };
}
