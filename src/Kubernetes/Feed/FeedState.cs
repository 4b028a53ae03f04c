using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records;

namespace OrleansLb.Kubernetes.Feed;

/// <summary>All that a feed has read, and what of it is still to be told. Services wait until configuration, nodes and claims were told whole.</summary>
internal sealed class FeedState(ServiceRules rules, ServiceCache cache, AcceptedForms forms)
{
    private readonly ConfigurationImage _configuration = new(forms);
    private readonly ValueImage<NodeObject, NodeFacts> _nodes =
        new(node => NodeTranslator.Translate(node, rules.IgnoresExclusion), nodes => new ClusterChange.NodesRead(nodes),
            node => new ClusterChange.NodeChanged(node),
            node => new ClusterChange.NodeGone(node.Name));

    private readonly ValueImage<AddressClaimObject, AddressClaim> _claims =
        new(ClaimTranslator.Read, claims => new ClusterChange.ClaimsRead(claims), claim => new ClusterChange.ClaimChanged(claim),
            claim => new ClusterChange.ClaimGone(claim));

    private readonly ServiceImage _services = new(rules, cache);
    private readonly Dictionary<string, DefinitionObject> _definitions = new(StringComparer.Ordinal);
    private bool _definitionsRead;
    private bool _formsRead;
    private bool _servesForms;

    public bool WantsSecrets => _configuration.WantsSecrets;

    /// <summary>The kinds of ours that the cluster serves now.</summary>
    public IReadOnlyList<ApiResource> Served { get; private set; } = [];

    public bool ServesClaims { get; private set; }

    /// <summary>The cluster keeps what was accepted, and that is not read yet. It is read once: nobody else writes it.</summary>
    public bool WantsForms => _servesForms && !_formsRead;

    public void Apply(FeedInput input)
    {
        switch (input)
        {
            case FeedInput.Definitions definitions: Apply(definitions.Change); break;
            case FeedInput.Configuration configuration: _configuration.Apply(configuration.Resource, configuration.Change); break;
            case FeedInput.Secrets secrets: _configuration.Apply(secrets.Change); break;
            case FeedInput.Forms forms: Apply(forms.Change); break;
            case FeedInput.Nodes nodes: _nodes.Apply(nodes.Change); break;
            case FeedInput.Claims claims: _claims.Apply(claims.Change); break;
            case FeedInput.Namespaces namespaces: _services.Apply(namespaces.Change); break;
            case FeedInput.Slices slices: _services.Apply(slices.Change); break;
            case FeedInput.Services services: _services.Apply(services.Change); break;
        }
    }

    public IEnumerable<ClusterChange> Drain()
    {
        if (!_definitionsRead || WantsForms || !_configuration.IsRead || !_nodes.IsRead || !_claims.IsRead)
        {
            _services.Prepare();
            return [];
        }
        return [.. _configuration.Drain(), .. _nodes.Drain(), .. _claims.Drain(), .. _services.Drain()];
    }

    private void Apply(Change<CustomObject> change)
    {
        if (_formsRead || change is not Change<CustomObject>.Snapshot snapshot) return;
        forms.Read(snapshot.Items);
        _formsRead = true;
    }

    private void Apply(Change<DefinitionObject> change)
    {
        switch (change)
        {
            case Change<DefinitionObject>.Upsert upsert: _definitions[upsert.Item.Metadata.Name] = upsert.Item; break;
            case Change<DefinitionObject>.Delete delete: _definitions.Remove(delete.Item.Metadata.Name); break;
            case Change<DefinitionObject>.Snapshot snapshot:
                _definitionsRead = true;
                _definitions.Clear();
                foreach (var item in snapshot.Items) _definitions[item.Metadata.Name] = item;
                break;
        }
        if (_definitionsRead) Serve();
    }

    private void Serve()
    {
        // Of a kind that is served in several versions, the preferred one is read: they are the same objects.
        var served = DialectCatalog.Resources.Where(IsServed).DistinctBy(resource => (resource.Group, resource.Plural))
            .Append(ResourceTypes.ConfigMaps.Resource).ToList();
        foreach (var resource in Served.Except(served)) _configuration.Remove(resource);
        foreach (var resource in served) _configuration.Add(resource);
        Served = served;
        ServesClaims = IsServed(ResourceTypes.AddressClaims.Resource);
        _servesForms = IsServed(ResourceTypes.AcceptedForms.Resource);
        if (!ServesClaims) _claims.SetAbsent();
    }

    private bool IsServed(ApiResource resource) => _definitions.Values.Any(definition => definition.IsEstablished && definition.Serves(resource));
}
