using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Kinds;

/// <summary>Roles and their bindings are kept, not enforced; their names may hold what other names may not (<c>system:node</c>).</summary>
internal sealed class RoleRules : KindRules
{
    public override NameRule Names => NameRule.PathSegment;
}
