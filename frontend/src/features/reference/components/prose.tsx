/** Text of the document, in which `code` stands between backticks as in CommonMark. */
export function Prose({ text }: { text: string }) {
  const pieces = text.split(/(`[^`]+`)/);
  let at = 0;
  return pieces.map((piece) => {
    at += piece.length + 1;
    if (!/^`[^`]+`$/.test(piece)) return <span key={at}>{piece}</span>;
    return (
      <code key={at} className="font-mono text-[0.9em]">
        {piece.slice(1, -1)}
      </code>
    );
  });
}
