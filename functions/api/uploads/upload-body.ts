import { z } from 'zod';
import {
  MAX_FILE_NAME_CHARACTERS,
  MAX_PART_BYTES,
  MAX_PARTS,
  MAX_SIGNED_PARTS,
  MAX_UPLOAD_BYTES,
  MIN_PART_BYTES,
} from '../../../shared/uploads/limits.ts';

const MAX_CONTENT_TYPE_CHARACTERS = 127;
const MAX_ETAG_CHARACTERS = 64;
const MAX_PROCESS_ID_CHARACTERS = 128;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in lower case');
const partNumber = z.int().min(1).max(MAX_PARTS);

const wantedPart = z.strictObject({ partNumber, sha256 }).meta({ title: 'Part that is to be sent' });

/** Parts whose addresses are to be signed. */
const wantedParts = z
  .array(wantedPart)
  .max(MAX_SIGNED_PARTS)
  .meta({ description: 'Parts to be sent now; the address of each is signed for its checksum and length.' });

/** `POST /uploads` */
export const uploadBodySchema = z
  .strictObject({
    fileName: z
      .string()
      .min(1)
      .max(MAX_FILE_NAME_CHARACTERS)
      .regex(/^\P{C}+$/u, 'must be text without control characters')
      .meta({ description: 'What the file is called; says nothing about its format.' }),
    contentType: z
      .string()
      .max(MAX_CONTENT_TYPE_CHARACTERS)
      .regex(/^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w.+-]+)*$/, 'must be a media type such as image/tiff')
      .meta({ description: 'Media type that the object is stored with.' }),
    bytes: z.int().min(1).max(MAX_UPLOAD_BYTES).meta({ description: 'Exact size of the file.' }),
    sha256: sha256
      .exactOptional()
      .meta({ description: 'Of a file that goes up by one PUT; a file in parts has one for each part.' }),
    partBytes: z
      .int()
      .min(MIN_PART_BYTES)
      .max(MAX_PART_BYTES)
      .exactOptional()
      .meta({ description: 'Size of each part but the last; by default chosen by the size of the file.' }),
    parts: wantedParts.exactOptional(),
    process: z
      .string()
      .max(MAX_PROCESS_ID_CHARACTERS)
      .exactOptional()
      .meta({ description: 'Process that is executed with the file as its first source.' }),
    inputs: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .meta({ description: 'Inputs of that process; the file becomes the first source, whatever stands there.' }),
  })
  .meta({ title: 'Upload request' });

/** `POST /uploads/{uploadId}/parts` */
export const partsBodySchema = z.strictObject({ parts: wantedParts.min(1) }).meta({ title: 'Parts request' });

/** `POST /uploads/{uploadId}/complete` */
export const completeBodySchema = z
  .strictObject({
    parts: z
      .array(
        z.strictObject({
          partNumber,
          etag: z.string().min(1).max(MAX_ETAG_CHARACTERS).exactOptional(),
          sha256: sha256.exactOptional(),
        }),
      )
      .max(MAX_PARTS)
      .exactOptional()
      .meta({ description: 'What you believe to have sent: compared. What has arrived is what counts.' }),
  })
  .meta({ title: 'Complete request' });
