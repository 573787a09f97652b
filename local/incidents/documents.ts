/** The builds of the incidents have provenance, and nobody signs anything later. */
export const READS_DOCUMENTS = {
  SCAN_RESPONSE_READ_BLOBS: 'true',
  SCAN_RESPONSE_REFERRERS_AFTER_SECONDS: '0',
};
