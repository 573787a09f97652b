import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../local/http.ts';

/** ECR's endpoint for the deployed functions: scans come from moto, all else from ministack. */
export interface ScanWay extends Endpoint {
  /** Every look at a scan, in order: of which image, which page, and what came back. */
  readonly looks: readonly Look[];
}

interface Look {
  readonly digest: string;
  readonly page: number;
  /** The scan's status, or the name of the error. */
  readonly answer: string;
}

interface Asked {
  readonly imageId: { readonly imageDigest: string };
  readonly maxResults?: number;
  readonly nextToken?: string;
}

interface Answered {
  readonly __type?: string;
  readonly imageScanStatus?: { readonly status: string };
  readonly imageScanFindings?: Readonly<Record<string, unknown>>;
}

/** Enhanced findings come by the hundred, whatever is asked for: https://github.com/boto/boto3/issues/3449 */
const ENHANCED_PAGE_SIZE = 100;

/** Starts the fork: ministack has no scans, and moto has nothing else that is needed, and no pages. */
export async function startScanWay(urls: {
  readonly ministack: string;
  readonly moto: string;
}): Promise<ScanWay> {
  const looks: Look[] = [];
  const endpoint = await serve(async (request) => {
    if (!String(request.headers['x-amz-target']).endsWith('.DescribeImageScanFindings'))
      return forward(request, urls.ministack);
    const asked: Asked = JSON.parse(request.body);
    const reply = await forward(request, urls.moto);
    const answered: Answered = JSON.parse(reply.body ?? '{}');
    const page = Number(asked.nextToken ?? 0);
    const answer = answered.imageScanStatus?.status ?? String(answered.__type);
    looks.push({ digest: asked.imageId.imageDigest, page, answer });
    return { ...reply, body: JSON.stringify(pageOf(answered, asked, page)) };
  });
  return { ...endpoint, looks };
}

function pageOf(answered: Answered, { maxResults = 100 }: Asked, page: number): object {
  const { imageScanFindings: found = {} } = answered;
  const kind = 'enhancedFindings' in found ? 'enhancedFindings' : 'findings';
  const all = found[kind];
  if (!Array.isArray(all)) return answered;
  const size = kind === 'enhancedFindings' ? ENHANCED_PAGE_SIZE : maxResults;
  const part = all.slice(page * size, (page + 1) * size);
  const more = all.length > (page + 1) * size && { nextToken: String(page + 1) };
  return { ...answered, ...more, imageScanFindings: { ...found, [kind]: part } };
}

const PASSED_ON = ['content-type', 'x-amz-target', 'x-amz-date', 'x-amz-security-token', 'authorization'];

async function forward({ method, path, headers, body }: LocalRequest, url: string): Promise<LocalResponse> {
  const kept = PASSED_ON.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as [string, string]] : [];
  });
  const reply = await fetch(url + path, { method, headers: kept, body });
  const type = reply.headers.get('content-type') ?? 'application/x-amz-json-1.1';
  return { status: reply.status, headers: { 'content-type': type }, body: await reply.text() };
}
