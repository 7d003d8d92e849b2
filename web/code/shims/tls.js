// `tls`: there is nothing to encrypt inside a page.

export function connect() {
  throw new Error('The broker in this page speaks no TLS: leave `ssl` out of the options');
}
