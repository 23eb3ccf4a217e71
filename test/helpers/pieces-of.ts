/** Everything that an iterable gives, in order. */
export async function piecesOf<Piece>(iterable: AsyncIterable<Piece>): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of iterable) pieces.push(piece);
  return pieces;
}
