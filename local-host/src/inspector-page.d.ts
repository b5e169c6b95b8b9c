/** The page of the inspector as one file, which the bundle makes of `inspector/page`. */
declare module '#inspector-page' {
  const html: string;
  export default html;
}
