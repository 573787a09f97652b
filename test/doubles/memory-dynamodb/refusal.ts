/** An error as the SDK throws it: code goes by its name and its HTTP status. */
export function refusal(name: string, message: string, httpStatusCode = 400): Error {
  const error = new Error(message);
  error.name = name;
  return Object.assign(error, { $metadata: { httpStatusCode }, $fault: 'client' });
}

export function invalid(message: string): Error {
  return refusal('ValidationException', message);
}
