/** Who is in the seeded tenant: the one of the bundled feed. */
export const SEEDED = {
  tenantId: '6b0f7e52-3c1d-4a8e-9f27-d15c0a9b4e63',
  foreignTenantId: '3e7d1b94-60af-4c82-95d3-b84f7c20e16a',
  microsoftTenantId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a',
  microsoftGraphId: '11f6a2c8-7d43-4e90-8b15-c6d93e0f2a74',
  /** Owns applications. */
  inesVarga: 'f1a7c09d-3e58-4b64-82dc-7905be6a41f0',
  /** Sponsors an agent. */
  jonOkafor: 'c95d07e3-8f42-4ba6-91ce-60a7d4b1f83e',
  /** Single-tenant application with a leaked secret. */
  buildPipeline: {
    id: 'd41c7a06-52be-4f0d-8c6e-0a3b91e7f254',
    appId: '2f9be8d0-71a4-4c55-b6e2-94d0c3187af6',
    objectId: '70c5b1de-93f8-4a26-b7e4-1d0f8a6c2b95',
    leakedKeyId: '6d2b90e4-a13c-4f78-95d0-7ec48b1fa236',
    certificateKeyId: 'a4e81f27-5c90-4d6b-83af-29be70d1c458',
  },
  /** Single-tenant application with a secret on the service principal itself. */
  payrollApi: {
    id: '0e95b3c8-6a1f-4d72-97b4-c82d5f60ea19',
    appId: 'b7730f41-2c98-4e6a-8d15-6f4a0c9e21d3',
    objectId: '58d2e9a3-07bc-4f61-9e84-ab6d3c15f702',
    addedKeyId: 'e30b7f9c-18d4-4a52-b6c7-95f2d80a4e13',
    ownKeyId: '2c96d1f8-ab05-47e3-90b4-6f18e5d7c32a',
  },
  /** Multi-tenant application of this tenant, sold to others. */
  warehouseSync: {
    id: 'e7a93c50-4d18-4bf6-a2c7-5190fe8d3b6a',
    appId: '81d5f3b2-9c07-4e6d-b8a4-3fc2607e19d5',
    objectId: '9a41c6d7-e285-4f03-b719-d05c8e2f6a3b',
  },
  /** Application of another tenant. */
  telemetryRelay: {
    id: '1d6c8f0b-b2e9-4734-85da-fe40a97c3b12',
    appId: 'f4208d6a-5b7c-4913-ae60-d97b3c1e8f25',
  },
  /** Application of another tenant that Microsoft has disabled. */
  invoiceReader: {
    id: '93f2d6be-08c7-45a1-b3ec-7d1f4b8a2c60',
    appId: '5ac81e97-d34b-4f20-a6b9-e07f2d9c4518',
  },
  /** At risk, and deleted from the directory since. */
  mailArchiver: {
    id: 'b05e4a17-c893-4d2f-a6e0-37f19d8b5c24',
    appId: '6fd82b30-95e1-47ca-8b3d-e2a04c7f1d96',
  },
  /** Agent identity with a sponsor. */
  expenseAssistant: {
    id: '7be50a92-c4d3-4168-9af7-8e1d60b3f52c',
    appId: '7be50a92-c4d3-4168-9af7-8e1d60b3f52c',
    blueprintId: '4c1f9e85-2b7a-4d06-93e8-a5d0f6c7182b',
  },
} as const
