using Microsoft.Extensions.DependencyInjection;

namespace OrleansLb.Api.Hosting;

/// <summary>What is registered as a service, for one that is put before it and works with it.</summary>
public static class Registrations
{
    /// <summary>The service itself, in whichever of the three forms it was registered; made anew where it has to be made. It has no key.</summary>
    public static object Make(this ServiceDescriptor registered, IServiceProvider provider)
    {
        ArgumentNullException.ThrowIfNull(registered);
        return registered.ImplementationInstance
            ?? registered.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!);
    }
}
