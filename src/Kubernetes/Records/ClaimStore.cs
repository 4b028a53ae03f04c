using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records;

/// <summary>The books of held addresses as AddressClaim objects of the Kubernetes API.</summary>
public sealed class ClaimStore(ApiClient client) : IClaimStore
{
    private const int PageSize = 2000;

    public Task<EquatableList<AddressClaim>> List(PoolName pool, CancellationToken cancellation) => OrUnavailable(async () =>
    {
        var claims = new List<AddressClaim>();
        var page = new ListQuery { Limit = PageSize };
        while (true)
        {
            var list = await client.List(ResourceTypes.AddressClaims, page, cancellation);
            claims.AddRange((list.Items ?? []).Select(ClaimTranslator.Read).OfType<AddressClaim>()
                .Where(claim => claim.Pool == pool || claim.Pool.Value.Length == 0));
            if (string.IsNullOrEmpty(list.Metadata.Continue)) return claims.ToEquatableList();
            page = page with { Continue = list.Metadata.Continue };
        }
    });

    public Task<ClaimWrite> Create(AddressClaim claim, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return Write(claim, () => client.Create(ResourceTypes.AddressClaims, ClaimTranslator.Create(claim), cancellation), isUpdate: false, cancellation);
    }

    public Task<ClaimWrite> Update(AddressClaim claim, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return Write(claim, () => client.Patch(ResourceTypes.AddressClaims, new ObjectPath(null, ClaimNames.Of(claim.Address)), ClaimTranslator.Update(claim),
            cancellation), isUpdate: true, cancellation);
    }

    public Task<ClaimWrite> Delete(AddressClaim claim, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return OrUnavailable<ClaimWrite>(async () =>
        {
            try
            {
                await client.Delete(ResourceTypes.AddressClaims.Resource, new ObjectPath(null, ClaimNames.Of(claim.Address)),
                    new Preconditions(ResourceVersion: claim.Version), cancellation);
                return new ClaimWrite.Written(claim);
            }
            catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
            {
                return new ClaimWrite.Written(claim);
            }
            catch (ApiException refusal) when (refusal.IsConflict)
            {
                return await Find(claim, cancellation) is { } current ? new ClaimWrite.Conflict(current) : new ClaimWrite.Written(claim);
            }
        });
    }

    private Task<ClaimWrite> Write(AddressClaim claim, Func<Task<AddressClaimObject>> write, bool isUpdate, CancellationToken cancellation) =>
        OrUnavailable<ClaimWrite>(async () =>
    {
        try
        {
            var written = await write();
            return new ClaimWrite.Written(claim with { Version = written.Metadata.ResourceVersion ?? "" });
        }
        catch (ApiException refusal) when (refusal.IsConflict || (refusal.Reason == ApiReason.NotFound && isUpdate))
        {
            return new ClaimWrite.Conflict(await Find(claim, cancellation));
        }
    });

    private async Task<AddressClaim?> Find(AddressClaim claim, CancellationToken cancellation)
    {
        try
        {
            var found = await client.Get(ResourceTypes.AddressClaims, null, ClaimNames.Of(claim.Address), cancellation);
            // Whatever stands under the name has the address: one that cannot be read is nobody's to give.
            return ClaimTranslator.Read(found)
                ?? new AddressClaim(claim.Address, claim.Pool, [], null, new Reservation(null, null), found.Metadata.ResourceVersion ?? "");
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            return null;
        }
    }

    private static async Task<T> OrUnavailable<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            throw new RecordUnavailableException(
                $"the kind {ResourceTypes.AddressClaims.Resource} is not there: install it with 'kubectl apply -f deploy/crds'.", refusal);
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault))
        {
            throw new RecordUnavailableException(fault.Message, fault);
        }
    }
}
