import { type Context, read } from '../resources.ts';

export interface GatewayRoute {
  /** As `GET /v1/{question}`. */
  readonly key: string;
  readonly authorization: 'AWS_IAM' | 'NONE';
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly perSecond: number;
  readonly burst: number;
}

export interface GatewayDefinition {
  readonly name: string;
  readonly routes: readonly GatewayRoute[];
}

/**
 * The API of a template, undefined without one. Throws for a route whose integration or stage is not there, and for a
 * second API.
 */
export function readGateway(context: Context): GatewayDefinition | undefined {
  const [name, ...more] = read(context, 'AWS::ApiGatewayV2::Api', (_, self) => self.attribute('Ref'));
  if (more.length > 0) throw new Error('Template: one API is played, and there are more.');
  if (name === undefined) return undefined;
  const [stage] = read(context, 'AWS::ApiGatewayV2::Stage', (it) => it);
  if (!stage) throw new Error(`Template: the API ${name} has no stage.`);
  const integrations = read(context, 'AWS::ApiGatewayV2::Integration', (it, self) => ({
    target: `integrations/${self.attribute('Ref')}`,
    functionName: it.IntegrationUri.slice(it.IntegrationUri.lastIndexOf(':') + 1),
    timeoutMs: it.TimeoutInMillis,
  }));
  const routes = read(context, 'AWS::ApiGatewayV2::Route', (route) => {
    const integration = integrations.find(({ target }) => target === route.Target);
    if (!integration) throw new Error(`Template: nothing answers ${route.RouteKey}.`);
    const { functionName, timeoutMs } = integration;
    const limits = stage.RouteSettings[route.RouteKey] ?? stage.DefaultRouteSettings;
    return {
      key: route.RouteKey,
      authorization: route.AuthorizationType,
      ...{ functionName, timeoutMs },
      perSecond: limits.ThrottlingRateLimit,
      burst: limits.ThrottlingBurstLimit,
    };
  });
  return { name, routes };
}
