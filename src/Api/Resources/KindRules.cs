using System.Collections.Frozen;
using System.Text.Json.Nodes;
using OrleansLb.Api.Kinds;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Resources;

/// <summary>What the API does for one kind beyond its schema: fills in, refuses, indexes. This one does nothing special; it serves custom resources.</summary>
public class KindRules
{
    private static readonly KindRules Plain = new();

    private static readonly FrozenDictionary<GroupResource, KindRules> Special = new Dictionary<GroupResource, KindRules>
    {
        [KnownResources.Namespaces] = new NamespaceRules(),
        [KnownResources.Nodes] = new NodeRules(),
        [KnownResources.Pods] = new PodRules(),
        [KnownResources.Services] = new ServiceRules(),
        [KnownResources.ConfigMaps] = new ConfigMapRules(),
        [KnownResources.Secrets] = new SecretRules(),
        [KnownResources.Events] = new EventRules(),
        [KnownResources.EndpointSlices] = new EndpointSliceRules(),
        [KnownResources.CustomResourceDefinitions] = new DefinitionRules(),
        [new("rbac.authorization.k8s.io", "roles")] = new RoleRules(),
        [new("rbac.authorization.k8s.io", "rolebindings")] = new RoleRules(),
        [new("rbac.authorization.k8s.io", "clusterroles")] = new RoleRules(),
        [new("rbac.authorization.k8s.io", "clusterrolebindings")] = new RoleRules(),
    }.ToFrozenDictionary();

    public static KindRules For(GroupResource resource) => Special.GetValueOrDefault(resource, Plain);

    /// <summary>Values that field selectors may ask for.</summary>
    public virtual IEnumerable<KeyValuePair<string, string>> SelectableFields(JsonObject tree) => [];

    /// <summary>True for a member of the object that the metadata, the fields that can be selected by, or the claims are read from.</summary>
    public bool IsIndexed(string member)
    {
        if (member == "metadata") return true;
        foreach (var path in FieldPaths)
        {
            if (path.StartsWith(member, StringComparison.Ordinal) && (path.Length == member.Length || path[member.Length] == '.')) return true;
        }
        return false;
    }

    /// <summary>What the object holds that others may not, or that it is found by.</summary>
    public virtual IEnumerable<string> Claims(JsonObject tree) => [];

    /// <summary>The field paths that selectors may name, besides the metadata.</summary>
    public virtual IReadOnlyCollection<string> FieldPaths => [];

    /// <summary>Called with defaults filled in and before validation; <c>old</c> is null for a new object.</summary>
    public virtual void Prepare(KindContext context, JsonObject tree, JsonObject? old)
    {
    }

    /// <summary>Called for a write to the status subresource.</summary>
    public virtual void PrepareStatus(KindContext context, JsonObject tree, JsonObject old)
    {
    }

    public virtual IEnumerable<FieldError> Validate(KindContext context, JsonObject tree, JsonObject? old) => [];

    /// <summary>Which names objects of this kind may bear.</summary>
    public virtual NameRule Names => NameRule.Subdomain;

    /// <summary>True if a new object may come with its status.</summary>
    public virtual bool KeepsStatusOnCreate => false;
}
