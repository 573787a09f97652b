// Loaded before anything else in a measured process: every name is this machine, and port 443 is the front's. So a
// function runs with the environment of its template and asks AWS, Datadog and Slack by their real names, over TLS. It
// changes two bindings, for to load `net` or `dns` here would take their time from what is measured.
const { env } = require('node:process');

/** @type {any} */
const binding = Reflect.get(process, 'binding').bind(process);
const { TCP } = binding('tcp_wrap');
const { connect } = TCP.prototype;
const frontPort = Number(env.BENCH_FRONT_PORT);

TCP.prototype.connect = function toFront(
  /** @type {unknown} */ request,
  /** @type {string} */ address,
  /** @type {number} */ port,
) {
  return connect.call(this, request, address, port === 443 ? frontPort : port);
};
binding('cares_wrap').getaddrinfo = (/** @type {any} */ request) => {
  setImmediate(() => request.oncomplete(null, ['127.0.0.1']));
  return 0;
};
