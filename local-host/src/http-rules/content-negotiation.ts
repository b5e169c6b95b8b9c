/** A response with `enableContentNegotiation`. */
export interface NegotiableResponse {
  readonly status: number;
  /** The function's own header. */
  readonly contentType: string | undefined;
  /** Undefined: the function has no body. */
  readonly body: Uint8Array | undefined;
}

/** What the host sends instead. The function's other headers stay, its cookies do not. */
export interface NegotiatedResponse {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

/**
 * What the host makes of a response with `enableContentNegotiation: true`. It has a formatter for
 * JSON only, and the body is bytes to it: JSON becomes base64, and all else 406.
 */
export function negotiate({ status, contentType, body }: NegotiableResponse): NegotiatedResponse {
  if (body === undefined) {
    return { status: status === 200 ? 204 : status, contentType, body: '' };
  }
  if (contentType !== undefined && isMediaType(contentType) && !isJson(contentType)) {
    return { status: 406, contentType, body: '' };
  }
  const [type = 'application/json'] =
    contentType !== undefined && isMediaType(contentType)
      ? contentType.trim().toLowerCase().split(';')
      : [];
  return {
    status,
    contentType: `${type.trim()}; charset=utf-8`,
    body: JSON.stringify(Buffer.from(body).toString('base64')),
  };
}

function isMediaType(text: string): boolean {
  return /^\s*[^\s/;,]+\/[^\s/;,]+\s*(?:;|$)/.test(text);
}

/** Without a parameter: the formatter offers none. */
function isJson(contentType: string): boolean {
  return /^\s*(?:(?:application|text)\/json|application\/[^\s/;,]+\+json)\s*$/i.test(contentType);
}
