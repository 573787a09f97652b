/** Operating system and architecture, printed as in OCI tools: `linux/arm64/v8`. */
export type Platform = string;

export interface PlatformDescriptor {
  readonly os?: string | null | undefined;
  readonly architecture?: string | null | undefined;
  readonly variant?: string | null | undefined;
}

/** Takes the platform of an OCI descriptor, returns `os/architecture[/variant]`. */
export function toPlatform(of: PlatformDescriptor): Platform {
  const parts = [of.os ?? 'unknown', of.architecture ?? 'unknown', ...(of.variant ? [of.variant] : [])];
  return parts.map((part) => part.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 32)).join('/');
}
