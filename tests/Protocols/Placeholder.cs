namespace OrleansLb.Protocols.Tests;
