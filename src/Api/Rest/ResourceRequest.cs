using Microsoft.AspNetCore.Http;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Selectors;

namespace OrleansLb.Api.Rest;

/// <summary>A request about a resource that is served.</summary>
internal sealed record ResourceRequest(HttpContext Http, ResourceType Type, ApiPath Path)
{
    public Query Query => new(Http.Request);

    public ObjectTarget Target => new(Type, new(Path.Namespace, Path.Name), Path.Subresource);

    public Representation Representation => Representations.Choose(Http.Request.Headers.Accept.ToString());

    /// <summary>A path that names one object selects just that one.</summary>
    public Selection Selection()
    {
        var fields = FieldSelector.Parse(Query.Text("fieldSelector"), Type);
        if (Path.Name.Length > 0) fields = new(fields.Terms.Add(new("metadata.name", Path.Name, Negated: false)));
        return new(Path.Namespace, LabelSelector.Parse(Query.Text("labelSelector")), fields);
    }

    public WriteOptions WriteOptions(IReadOnlyList<string> bodyFaults) => new()
    {
        FieldValidation = Query.FieldValidation(),
        FieldManager = Query.FieldManager(),
        BodyFaults = bodyFaults,
        DryRun = Query.DryRun(),
    };
}
