using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>
/// Keeps status objects by server-side apply: one request for ours, and none that asks first. MetalLB's kinds are namespaced: see <see cref="StatusPlace"/>.
/// </summary>
public sealed class StatusObjectStore(ApiClient client, TimeProvider time) : IStatusObjectStore
{
    private const int PageSize = 1000;

    /// <summary>How long a kind that was not there is left alone before it is tried again.</summary>
    private static readonly TimeSpan MissingFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<StatusKind, long> _missing = new();

    /// <summary>Objects that are known to be there, with their namespaces, so that their status alone is written.</summary>
    private readonly ConcurrentDictionary<StatusSubject, string> _made = new();

    private readonly StatusPlace _place = new(client);
    private readonly ApiClient _writes = client.GivingWay;
    private readonly StatusEntries _entries = new(client);

    public Task Put(StatusObject wanted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var kind = wanted.Subject.Kind;
        return IfKindIsThere(kind, () => StatusKinds.IsEntry(kind) ? _entries.Put(wanted, cancellation) : Write(wanted, cancellation));
    }

    public Task Delete(StatusSubject subject, CancellationToken cancellation)
    {
        if (StatusKinds.IsEntry(subject.Kind)) return IfKindIsThere(subject.Kind, () => _entries.Delete(subject, cancellation));
        return IfKindIsThere(subject.Kind, async () =>
        {
            var ns = _made.TryRemove(subject, out var known) ? known : await _place.Namespace(cancellation);
            await _writes.Delete(StatusKinds.TypeOf(subject.Kind).Resource, Path(subject, ns), default, cancellation);
        });
    }

    public async Task<EquatableList<StatusSubject>> Standing(StatusKind kind, NodeName? node, CancellationToken cancellation)
    {
        _place.Forget();
        var found = new List<StatusSubject>();
        await IfKindIsThere(kind, async () =>
            found.AddRange(StatusKinds.IsEntry(kind) ? await _entries.Standing(kind, node, cancellation) : await List(kind, node, cancellation)));
        return found.Order().ToEquatableList();
    }

    private async Task Write(StatusObject wanted, CancellationToken cancellation)
    {
        var subject = wanted.Subject;
        if (!StatusKinds.HasStatusSubresource(subject.Kind))
        {
            await Apply(subject, "", StatusTranslator.Object(wanted, null), null, cancellation);
            return;
        }
        if (_made.TryGetValue(subject, out var made) && await TryStatus(subject, made, StatusTranslator.Object(wanted, made), cancellation)) return;
        var ns = await _place.Namespace(cancellation);
        var whole = StatusTranslator.Object(wanted, ns, await _place.Owners(subject.Node, cancellation));
        await Apply(subject, ns, whole, null, cancellation);
        await Apply(subject, ns, whole, "status", cancellation);
        _made[subject] = ns;
    }

    /// <summary>False when somebody has deleted the object meanwhile.</summary>
    private async Task<bool> TryStatus(StatusSubject subject, string ns, JsonObject whole, CancellationToken cancellation)
    {
        try
        {
            await Apply(subject, ns, whole, "status", cancellation);
            return true;
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            _made.TryRemove(subject, out _);
            return false;
        }
    }

    private Task<CustomObject> Apply(StatusSubject subject, string ns, JsonObject whole, string? subresource, CancellationToken cancellation) =>
        _writes.Patch(StatusKinds.TypeOf(subject.Kind), Path(subject, ns) with { Subresource = subresource }, Patch.Apply(whole, StatusNames.Us, force: true),
            cancellation);

    private static ObjectPath Path(StatusSubject subject, string ns) =>
        new(StatusKinds.TypeOf(subject.Kind).Resource.Namespaced ? ns : null, StatusNames.Of(subject));

    private async Task<List<StatusSubject>> List(StatusKind kind, NodeName? node, CancellationToken cancellation)
    {
        var found = new List<StatusSubject>();
        var type = StatusKinds.TypeOf(kind);
        var page = new ListQuery { LabelSelector = StatusNames.Selector(kind, node), Limit = PageSize };
        while (true)
        {
            var list = await client.List(type, page, cancellation);
            foreach (var item in list.Items ?? [])
            {
                if (StatusTranslator.Subject(kind, item) is not { } subject) continue;
                _made[subject] = item.Metadata.Namespace ?? "";
                found.Add(subject);
            }
            if (string.IsNullOrEmpty(list.Metadata.Continue)) return found;
            page = page with { Continue = list.Metadata.Continue };
        }
    }

    private async Task IfKindIsThere(StatusKind kind, Func<Task> action)
    {
        if (_missing.TryGetValue(kind, out var since) && time.GetElapsedTime(since) < MissingFor) return;
        try
        {
            await action();
            _missing.TryRemove(kind, out _);
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            if (refusal.Status.Details?.Name is not { Length: > 0 }) _missing[kind] = time.GetTimestamp(); // else it is the object that is gone
        }
        catch (ApiException refusal) when (StatusKinds.IsEntry(kind) && refusal.Lacks is not null)
        {
            _missing[kind] = time.GetTimestamp(); // a role from before we wrote there: what it lets us write is not to wait for that
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault))
        {
            throw new RecordUnavailableException(fault.Message, fault);
        }
    }
}
