/** Seconds of work that may lie planned: little enough that a pause takes back little, enough that no dialer idles. */
export const horizonSeconds = 3;
