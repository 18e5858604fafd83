/** The lines between which a document's text is written by the bench. */
export const BEGIN = "<!-- what follows is written by `npm run bench -- report` -->";
export const END = "<!-- end of what is written -->";

/**
 * A document with another text between the two lines.
 *
 * @throws Error when it lacks one of them.
 */
export function withSection(document: string, text: string): string {
  const [start, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`the document lacks the lines "${BEGIN}" and "${END}"`);
  return `${document.slice(0, start)}${BEGIN}\n\n${text}\n\n${document.slice(end)}`;
}
