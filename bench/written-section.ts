/** The line after which a document's text is written by a command of the bench. */
export const beginOf = (command: string): string =>
  `<!-- what follows is written by \`npm run bench -- ${command}\` -->`;

/** The line that ends such a text. */
export const END = "<!-- end of what is written -->";

/**
 * A document with another text in the section of a command.
 *
 * @throws Error when it lacks one of the lines around it.
 */
export function withSection(document: string, command: string, text: string): string {
  const begin = beginOf(command);
  const start = document.indexOf(begin);
  const end = document.indexOf(END, start);
  if (start < 0 || end < 0) throw new Error(`the document lacks the lines "${begin}" and "${END}"`);
  return `${document.slice(0, start)}${begin}\n\n${text}\n\n${document.slice(end)}`;
}
