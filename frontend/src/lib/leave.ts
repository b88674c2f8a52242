/** Goes to a page of another site. */
export function leave(url: string): void {
  window.location.assign(url);
}
