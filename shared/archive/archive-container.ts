/** What reading blobs of the archive needs of its container. */
export interface ArchiveDownloads {
  download(name: string): Promise<ArchiveDownload>
}

/** What reading the archive needs of its container; a downloaded copy can give the same. */
export interface ArchiveContainer extends ArchiveDownloads {
  listBlobsFlat(options: { readonly prefix: string }): AsyncIterable<{ readonly name: string }>
  /** Blobs and folders right below a prefix; names of folders end with the delimiter. */
  listBlobsByHierarchy(
    delimiter: '/',
    options: { readonly prefix: string },
  ): AsyncIterable<{ readonly name: string }>
}

export interface ArchiveDownload {
  readonly readableStreamBody?: NodeJS.ReadableStream
  readonly contentLength?: number
}
