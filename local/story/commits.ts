/** Made-up commits of the story's repositories; no tag names the worker's. */
export const COMMITS = {
  clean: '4f0c2d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d',
  broken: '9b7e3c5a1d2f4e6b8a0c9d7e5f3b1a2c4d6e8f0a',
  fixed: 'c3d5e7f9a1b2c4d6e8f0a9b7c5d3e1f2a4b6c8d0',
  worker: '5e8a1c3f7b9d2e4a6c8f0b1d3a5e7c9f2b4d6a81',
} as const;
