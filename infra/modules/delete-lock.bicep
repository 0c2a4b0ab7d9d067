metadata description = 'Refuses to delete a resource group, and what is in it, until the lock is taken off. Runs in that group.'

resource deleting 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'risk-export-archive'
  properties: {
    level: 'CanNotDelete'
    notes: 'The archive of Entra risk export is evidence.'
  }
}
